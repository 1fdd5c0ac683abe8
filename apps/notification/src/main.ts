import { runService } from '@shopfleet/service';
import { readConfig } from './config.ts';
import { notificationService } from './notification-service.ts';

await runService(notificationService(readConfig()));
