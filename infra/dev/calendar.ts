/** Loads a calendar file into databases; started by calendar.mjs with MULIN_CALENDAR. */
import { readFileSync } from 'node:fs';
import { InvalidCalendarFile, parseCalendarFile } from '@mulin/clock';
import { loadCalendar } from '@mulin/database';

const { file, source, urls } = JSON.parse(process.env.MULIN_CALENDAR ?? '{}') as {
  file: string;
  source: string;
  urls: string[];
};

try {
  const rows = parseCalendarFile(readFileSync(file, 'utf8'));
  for (const migrate of urls) {
    const years = await loadCalendar({ migrate }, { rows, source });
    console.log(`${new URL(migrate).pathname.slice(1)}: the holidays of ${years.join(', ')}`);
  }
} catch (error) {
  // A mistake in the file is the operator's to mend; anything else shows where it happened.
  if (!(error instanceof InvalidCalendarFile)) throw error;
  console.error(`${file}: ${error.message}.`);
  process.exitCode = 1;
}
