/** The steps that every journey is made of, by use case. */
export * from './story/rule.js';
export * from './story/parties.js';
export * from './story/contracts.js';
export * from './story/evaluations.js';
export * from './story/payments.js';
