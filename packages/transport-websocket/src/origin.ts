import type { UpgradeSettings } from './websocket-options.ts'

/**
 * May a page of this origin connect? Browsers always say where a page comes from, and do not keep other people's pages
 * from connecting; a client that says nothing is no browser.
 */
export function isAllowed(
  origins: UpgradeSettings['origins'],
  origin: string | undefined,
  host: string | undefined,
): boolean {
  if (origin === undefined || origins === 'any') return true
  if (origins !== 'same-host') return origins.includes(origin)
  return host !== undefined && hostOf(origin) === host.toLowerCase()
}

/** Undefined for what is no origin, and for the opaque one that browsers call `null`. */
function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}
