import type { LpcLimits } from './limits.ts'

/** A value that LPC text has no form for: MudOS's EETYPENOTSUPP. */
export class LpcTypeError extends TypeError {
  override readonly name = 'LpcTypeError'
}

/** A value that is larger than the limits allow. One that contains itself is nested too deep. */
export class LpcLimitError extends RangeError {
  override readonly name = 'LpcLimitError'
  /** The limit that was exceeded. */
  readonly limit: keyof LpcLimits

  constructor(limit: keyof LpcLimits, message: string) {
    super(message)
    this.limit = limit
  }
}
