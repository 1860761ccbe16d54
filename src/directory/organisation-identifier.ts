import type { Organisation } from './directory.js';

/** The organizationIdentifier of certificates: `PSDDE-BAFIN-123456` (ETSI TS 119 495, section 5.2.1). */
export function organisationIdentifier({ country, id, registrationId }: Organisation['authority']): string {
  return `PSD${country}-${id}-${registrationId}`;
}
