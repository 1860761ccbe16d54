export type { AuthorizationRequest, SecurityProfileId, SecurityRequirements } from './security-profile.js';
