/** What came of looking at a password; `unavailable`: it could not be, or too many were asked for at once. */
export type Verified = 'right' | 'wrong' | 'unavailable'
/** What came of registering a name. */
export type Created = 'created' | 'taken' | 'unavailable'

/**
 * Who may play under which name. A world is given one of these, and keeps no password itself. Names are the same
 * however their letters are written.
 */
export interface Accounts {
  /** Somebody has registered this name. */
  has(name: string): boolean
  /** Is this their password? Never rejects. */
  verify(name: string, password: string): Promise<Verified>
  /** Registers a name. Never rejects; what could not be kept is `unavailable`. */
  create(name: string, password: string): Promise<Created>
}
