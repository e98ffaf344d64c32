import { registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

/** How something is bought: each is a procedure of its own, kept as data (libs/tender-rule). */
export enum ProcurementMethod {
  OPEN_TENDERING = 'openTendering',
  COMPETITIVE_CONSULTATION = 'competitiveConsultation',
  SINGLE_SOURCE = 'singleSource',
  BELOW_THRESHOLD = 'belowThreshold',
}
registerEnumType(ProcurementMethod, {
  name: 'ProcurementMethod',
  registerIn: () => TendersSchema,
  description: 'How something is bought (采购方式).',
  valuesMap: {
    OPEN_TENDERING: { description: '公开招标; OCDS open.' },
    COMPETITIVE_CONSULTATION: { description: '竞争性磋商 (财库〔2014〕214号); OCDS selective.' },
    SINGLE_SOURCE: { description: '单一来源, with public notice; OCDS direct.' },
    BELOW_THRESHOLD: {
      description: '限额以下公开比选, by the street’s own versioned rule; OCDS open.',
    },
  },
});

/** How messages call the methods. */
export const METHOD_NAMES: Record<ProcurementMethod, { zh: string; en: string }> = {
  openTendering: { zh: '公开招标', en: 'open tendering' },
  competitiveConsultation: { zh: '竞争性磋商', en: 'competitive consultation' },
  singleSource: { zh: '单一来源', en: 'single source' },
  belowThreshold: { zh: '限额以下公开比选', en: 'selection below the threshold' },
};
