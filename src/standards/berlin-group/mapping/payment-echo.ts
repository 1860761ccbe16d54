import type { ConsentKind } from '../../../bank/index.js';
import type { WireObject } from './fields.js';

const TRANSFER = [
  'endToEndIdentification',
  'instructedAmount',
  'creditorAccount',
  'creditorAgent',
  'creditorAgentName',
  'creditorName',
  'creditorAddress',
  'remittanceInformationUnstructured',
] as const;
const SINGLE = [...TRANSFER, 'debtorAccount', 'requestedExecutionDate'] as const;
const PERIODIC = [
  ...TRANSFER,
  'debtorAccount',
  'startDate',
  'endDate',
  'executionRule',
  'frequency',
  'dayOfExecution',
  'monthsOfExecution',
] as const;
const BULK = ['batchBookingPreferred', 'debtorAccount', 'requestedExecutionDate'] as const;

/** The payment as it was lodged, without what the interface does not know: members of the client's own are not kept up. */
export function toPaymentEcho(request: WireObject, kind: ConsentKind): WireObject {
  if (kind === 'periodic-payment') return known(request, PERIODIC);
  if (kind !== 'bulk-payment') return known(request, SINGLE);
  const payments = request['payments'] as readonly WireObject[];
  return { ...known(request, BULK), payments: payments.map((payment) => known(payment, TRANSFER)) };
}

function known(fields: WireObject, names: readonly string[]): WireObject {
  return Object.fromEntries(
    names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]] as const),
  );
}
