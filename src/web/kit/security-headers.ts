/**
 * The policy of every page: nothing from elsewhere, no inline anything, no framing. `formTargets` are the origins a form
 * may end up at: browsers hold redirects after a form post against form-action too, so the journey names this client's
 * redirect origin and no other.
 */
export function contentSecurityPolicy(formTargets: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
