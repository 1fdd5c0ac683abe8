import type { BenchShop } from './bench-shop.ts';

/** A virtual host of its own, empty: the shop's services have nothing to do with what is published there. */
export async function freshVhost(shop: BenchShop, vhost: string): Promise<{ url: string; remove: () => Promise<void> }> {
  const amqp = new URL(shop.environmentOf('order-service')['RABBITMQ_URL'] ?? '');
  const user = decodeURIComponent(amqp.username) || 'guest';
  const authorization = `Basic ${Buffer.from(`${user}:${decodeURIComponent(amqp.password) || 'guest'}`).toString('base64')}`;
  const manage = async (method: 'PUT' | 'DELETE', path: string, body?: object): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${shop.instance.ports.rabbitmqManagement}/api/${path}`, { method, headers: { authorization, 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (!response.ok && response.status !== 404) throw new Error(`RabbitMQ's management answered ${response.status} to ${method} ${path}`);
  };
  await manage('DELETE', `vhosts/${vhost}`);
  await manage('PUT', `vhosts/${vhost}`, {});
  await manage('PUT', `permissions/${vhost}/${user}`, { configure: '.*', write: '.*', read: '.*' });
  amqp.pathname = `/${vhost}`;
  return { url: amqp.href, remove: () => manage('DELETE', `vhosts/${vhost}`) };
}
