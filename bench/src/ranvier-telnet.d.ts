/* What is used of a package that has no types. */

declare module 'ranvier-telnet' {
  import type { EventEmitter } from 'node:events'

  export class TelnetSocket extends EventEmitter {
    constructor(options: { readonly maxInputLength: number })
    attach(connection: EventEmitter): void
    write(data: Buffer): void
  }
}
