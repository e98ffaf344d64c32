/** Who leaves first: nobody new comes in, then the work ends, then what it stood on. */
export const RANK = { postgres: 0, kafka: 1, service: 2, gateway: 3 };
