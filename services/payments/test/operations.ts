/** The operations of the API tests, written as a frontend would write them. */
const REFUSAL = /* GraphQL */ `
  __typename
  ... on Refusal {
    message
    rule {
      id
      article
    }
  }
  ... on InvalidInput {
    field
    problem
  }
  ... on StateConflict {
    expectedVersion
    actualVersion
    actualState
  }
  ... on SecondPersonNeeded {
    firstPersonId
  }
`;
/** A mutation's union without some of the members above has no fragments on them. */
const refusal = (...without: string[]) =>
  without.reduce(
    (text, name) => text.replace(new RegExp(`\\.\\.\\. on ${name} \\{[^}]*\\}`), ''),
    REFUSAL,
  );

const FUND_FIELDS = 'id state version fiscalYear title';
const APPROPRIATION = 'id state version amount { fen }';
const ORDER = /* GraphQL */ `
  id
  state
  version
  dueOn
  approversNeeded
  approvers
  reasonCode
  settledWhileHeld
  amount {
    fen
  }
`;

export const OPEN_FUND = `mutation ($input: OpenFundInput!) { openFund(input: $input) {
  ${refusal('StateConflict', 'SecondPersonNeeded')} ... on Fund { ${FUND_FIELDS} } } }`;
export const CLOSE_FUND = `mutation ($input: CloseFundInput!) { closeFund(input: $input) {
  ${refusal('SecondPersonNeeded')} ... on Fund { ${FUND_FIELDS} } } }`;
export const APPROPRIATE = `mutation ($input: AppropriateInput!) { appropriate(input: $input) {
  ${refusal('StateConflict', 'SecondPersonNeeded')} ... on FundClosed { fundId }
  ... on Appropriation { ${APPROPRIATION} } } }`;
export const APPROVE_APPROPRIATION = `mutation ($input: ApproveAppropriationInput!) {
  approveAppropriation(input: $input) { ${REFUSAL} ... on Appropriation { ${APPROPRIATION} } } }`;

export const DRAFT_ORDER = `mutation ($input: DraftOrderInput!) { draftOrder(input: $input) {
  ${refusal('StateConflict', 'SecondPersonNeeded')}
  ... on InvoiceNotMatching { released { fen } invoiced { fen } }
  ... on InvoiceBeforeContract { invoiceDate signedOn }
  ... on AlreadyOrdered { orderId what }
  ... on PaymentOrder { ${ORDER} } } }`;
const orderStep = (name: string, input = 'ChangeOrderInput', without: string[] = []) =>
  `mutation ($input: ${input}!) { ${name}(input: $input) {
    ${refusal(...without)} ${without.length ? '' : '... on ConflictOfInterest { relation until }'}
    ... on PaymentOrder { ${ORDER} } } }`;
export const APPROVE_ORDER = orderStep('approveOrder');
export const WITHDRAW = orderStep('withdrawOrder', 'ChangeOrderInput', ['SecondPersonNeeded']);
export const CONFIRM = orderStep('confirmSettlement');
export const FAIL = orderStep('failOrder', 'FailOrderInput');
export const RETURN = orderStep('returnPayment');

export const FUND = /* GraphQL */ `
  query ($id: ID!) {
    fund(id: $id) {
      id
      balance {
        appropriated {
          fen
        }
        available {
          fen
        }
        committed {
          fen
        }
      }
      appropriations {
        id
        state
        document
      }
    }
  }
`;
export const FUNDS = /* GraphQL */ `
  query ($first: Int!, $after: String) {
    funds(first: $first, after: $after) {
      nodes {
        id
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`;
export const WHY = /* GraphQL */ `
  query ($refs: [_Any!]!) {
    _entities(representations: $refs) {
      ... on Instalment {
        decisions {
          id
          kind
          outcome
          grade
          amount {
            fen
            currency
          }
          released {
            fen
          }
          reduced {
            fen
          }
          rectification {
            fen
          }
          retained {
            fen
          }
          because {
            step
            text
            article
          }
          ruleVersion
          inputsHash
          transfers {
            id
            debit
            credit
            fen
            at
          }
        }
        paymentOrders {
          id
        }
      }
    }
  }
`;
export const CONTRACT = /* GraphQL */ `
  query ($refs: [_Any!]!) {
    _entities(representations: $refs) {
      ... on Contract {
        commitments {
          state
          amount {
            fen
          }
          fund {
            id
          }
        }
        balance {
          committed {
            fen
          }
          payable {
            fen
          }
          paid {
            fen
          }
          reduced {
            fen
          }
        }
      }
    }
  }
`;
export const DECISION = /* GraphQL */ `
  query ($id: ID!) {
    decision(id: $id) {
      id
    }
  }
`;
export const REPLAY = /* GraphQL */ `
  query ($id: ID!) {
    replayDecision(id: $id) {
      same
      storedHash
      computed {
        outcome
        inputsHash
        rectification {
          fen
        }
      }
    }
  }
`;
export const TRANSFERS = /* GraphQL */ `
  query ($filter: TransferFilter) {
    transfers(filter: $filter) {
      nodes {
        debit
        credit
        fen
        causeType
        causeId
        decisionId
      }
    }
  }
`;
export const ACCOUNTS = /* GraphQL */ `
  query ($filter: LedgerAccountFilter) {
    ledgerAccounts(filter: $filter) {
      nodes {
        id
        kind
        debited {
          fen
        }
        credited {
          fen
        }
        balance {
          fen
        }
      }
    }
  }
`;
export const ORDERS = /* GraphQL */ `
  query ($filter: PaymentOrderFilter, $orderBy: PaymentOrderOrder) {
    paymentOrders(first: 100, filter: $filter, orderBy: $orderBy) {
      nodes {
        id
        dueOn
      }
    }
  }
`;
export const SIMULATE = /* GraphQL */ `
  query ($input: SimulatePaymentInput!) {
    simulatePayment(input: $input) {
      __typename
      ... on PaymentSimulation {
        outcome
        released {
          fen
        }
        reduced {
          fen
        }
        because {
          step
          text
        }
      }
      ... on PaymentRuleInvalid {
        problems {
          code
          path
        }
      }
    }
  }
`;

const REVERSAL = 'id state version approvedBy decisionId';
export const PROPOSE_REVERSAL = `mutation ($input: ProposeReversalInput!) { proposeReversal(input: $input) {
  ${refusal('StateConflict', 'SecondPersonNeeded')} ... on NotReversible { code }
  ... on BudgetExceeded { requested { fen } remaining { fen } } ... on Reversal { ${REVERSAL} } } }`;
export const APPROVE_REVERSAL = `mutation ($input: ApproveReversalInput!) { approveReversal(input: $input) {
  ${REFUSAL} ... on NotReversible { code } ... on BudgetExceeded { requested { fen } remaining { fen } }
  ... on Reversal { ${REVERSAL} decision { kind causeId released { fen } reduced { fen } newlyReleased { fen }
    transfers { debit credit fen reverses } } } } }`;
export const DEAD_LETTERS = /* GraphQL */ `
  {
    paymentsDeadLetters(first: 10) {
      nodes {
        id
        reason
        version
      }
    }
  }
`;
export const DISCARD = `mutation ($input: DecidePaymentsDeadLetterInput!) {
  discardPaymentsDeadLetter(input: $input) { ${REFUSAL} ... on PaymentsDeadLetter { id status proposedBy } } }`;
