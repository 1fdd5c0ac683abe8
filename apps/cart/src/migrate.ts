import { loadConfig, rabbitEnvironment } from '@shopfleet/config';
import { prepareBroker } from '@shopfleet/messaging';
import { z } from 'zod';

// Carts live in Redis, which needs no indexes; the queue must be there before anybody publishes.
await prepareBroker(loadConfig(z.object(rabbitEnvironment)).RABBITMQ_URL, 'cart');
