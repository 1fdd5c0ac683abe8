export { BrokerCheck } from './broker.check.ts';
export { contentIdPrefix, DeadLetters, type AsideQueue, type DeadLetter, type Selection } from './dead-letters.ts';
export { deliveryStateOf, headerNames, type DeliveryState } from './delivery-headers.ts';
export { EventPublisher, type PublishReport } from './event-publisher.ts';
export { HandlerTimedOut, isDependencyAway, UnprocessableEvent, type DeadReason } from './failure-policy.ts';
export { failAt, type FailPoint, type MessagingOptions } from './messaging-options.ts';
export { MessagingModule } from './messaging.module.ts';
export { prepareBroker } from './prepare-broker.ts';
export { RabbitMqStrategy } from './rabbitmq.strategy.ts';
export { messagingOptions } from './tokens.ts';
export {
  asideExchange, deadQueue, declareTopology, defaultRetryDelaysMs, eventExchange, publisherTopology, retryQueue, serviceQueue, topologyOf, unheardExchange, unroutedQueue,
  type BindingDefinition, type ExchangeDefinition, type ForwardingDefinition, type QueueDefinition, type Topology,
} from './topology.ts';
