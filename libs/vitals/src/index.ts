export { healthOf, type Health, type HealthReason } from './health.ts';
export { parseExposition, type Series } from './exposition.ts';
export { parseTargets, targetsText, type Target } from './targets.ts';
export { scrape, type Scrape, type WorkerScrape } from './scrape.ts';
export { commandP95Of, vitalsOf, type ServiceVitals } from './vitals.ts';
