/**
 * What an efun calls back: a function, or the name of a method of the socket's owner. A function acts as whoever made it,
 * because it calls the efuns of its maker; a name is looked up when it is called, in whoever owns the socket by then.
 */
export type Callback = string | ((...args: never[]) => unknown)

type Method = (this: object, ...args: unknown[]) => unknown

/** Calls it. What it throws is the caller's to handle; a name that names nothing callable is passed over, as in LPC. */
export function callBack(callback: Callback, owner: object, args: readonly unknown[]): unknown {
  // What a callback is given is documented with each efun; LPC has no types to check it by.
  const method = typeof callback === 'string' ? methodOf(owner, callback) : (callback as Method)
  return method?.call(owner, ...args)
}

/**
 * The method with this name, if it may be called by name: what begins with `_` or `#` is private, and what every object
 * inherits was never meant to be called from outside.
 */
function methodOf(owner: object, name: string): Method | undefined {
  if (name.startsWith('_') || name.startsWith('#') || name in Object.prototype) return undefined
  const method: unknown = Reflect.get(owner, name)
  return typeof method === 'function' ? (method as Method) : undefined
}
