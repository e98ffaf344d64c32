import { formatYuan } from '@mulin/money';

/** One sentence in the two languages of the platform. */
export interface Text {
  zh: string;
  en: string;
}

/** Basis points with two decimals: 8537 is `85.37`, a score in points or a share in per cent. */
export function hundredths(basisPoints: number): string {
  const digits = String(basisPoints).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function percent(basisPoints: number): string {
  return `${hundredths(basisPoints)}%`;
}

/** An amount in both languages. */
export function yuan(amount: bigint): Text {
  return { zh: `${formatYuan(amount)} 元`, en: `CNY ${formatYuan(amount)}` };
}
