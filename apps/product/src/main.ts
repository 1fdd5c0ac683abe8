import { loadConfig } from '@shopfleet/config';
import { runService } from '@shopfleet/service';
import { environment } from './config.ts';
import { productService } from './product-service.ts';

await runService(productService(loadConfig(environment)));
