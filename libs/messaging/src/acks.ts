import type { Channel, ConsumeMessage } from 'amqplib';
import { settle } from './republish.ts';

interface Delivery {
  readonly message: ConsumeMessage;
  handled: boolean;
}

/**
 * Acks of one channel. Those of one turn of the event loop leave together: what has been handled up to the oldest event that is
 * still in hand is one ack, which spares the broker an entry in the log of its queue for each.
 */
export class Acks {
  /** In the order in which the broker gave them. */
  private deliveries: Delivery[] = [];
  private due = false;

  constructor(private readonly channel: Pick<Channel, 'ack' | 'nack'>) {}

  /** Call it with each delivery, as they come. */
  received(message: ConsumeMessage): void {
    this.deliveries.push({ message, handled: false });
  }

  /** It has been handled, or has been put aside. */
  ack(message: ConsumeMessage): void {
    const delivery = this.deliveries.find((each) => each.message === message);
    if (delivery) delivery.handled = true;
    if (this.due) return;
    this.due = true;
    setImmediate(() => this.flush());
  }

  /** Gives it back to the queue. */
  giveBack(message: ConsumeMessage): void {
    this.deliveries = this.deliveries.filter((each) => each.message !== message);
    settle(() => this.channel.nack(message, false, true));
  }

  /** Sends what is due. */
  flush(): void {
    this.due = false;
    const inHand = this.deliveries.findIndex(({ handled }) => !handled);
    const before = this.deliveries.splice(0, inHand < 0 ? this.deliveries.length : inHand);
    const last = before.at(-1);
    if (last) settle(() => this.channel.ack(last.message, true));
    for (const { message, handled } of this.deliveries) if (handled) settle(() => this.channel.ack(message));
    this.deliveries = this.deliveries.filter(({ handled }) => !handled);
  }
}
