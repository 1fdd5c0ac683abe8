export type { GameDay } from './game-day.ts';
export { gameDays, longDays, play } from './play.ts';
export type { Verdict } from './stage.ts';
