import type { Clock } from './clock.ts'
import { newAbortController } from './environment.ts'
import { type ErrorCode, SocketError } from './errors.ts'

/** Something that takes time to open: a connection that is being made, a listener that is being set up. */
export interface AttemptPlan<Raw, Result> {
  readonly clock: Clock
  /** For messages: `connecting over tcp`. */
  readonly doing: string
  /** The code of an error that says no better one. */
  readonly fallback: ErrorCode
  /** Undefined: as long as it takes. */
  readonly deadlineMs: number | undefined
  readonly signal: AbortSignal | undefined
  start(signal: AbortSignal): Promise<Raw>
  opened(raw: Raw): Result
  failed(error: SocketError): void
  /** It was opened when nobody wanted it any more. */
  tooLate(raw: Raw): void
}

export interface Attempt<Result> {
  /** Never unhandled. */
  readonly result: Promise<Result>
  /** Nobody wants it any more; `result` rejects with EEBADF. Harmless when it is over. */
  abandon(): void
}

/** Starts it. Of `opened` and `failed` one is called, once; neither after `abandon`. */
export function attempt<Raw, Result>(plan: AttemptPlan<Raw, Result>): Attempt<Result> {
  const controller = newAbortController()
  let over = false
  let settle: { resolve(result: Result): void; reject(error: SocketError): void }
  const result = new Promise<Result>((resolve, reject) => {
    settle = { resolve, reject }
  })
  result.catch(() => {})

  const end = (): boolean => {
    if (over) return false
    over = true
    cancelDeadline?.()
    plan.signal?.removeEventListener('abort', stop)
    return true
  }
  const fail = (error: unknown): void => {
    if (!end()) return
    const failure = SocketError.from(error, plan.fallback, plan.doing)
    controller.abort(failure)
    settle.reject(failure)
    plan.failed(failure)
  }
  const stop = (): void => fail(new Error('it was stopped by the caller'))
  const { deadlineMs } = plan
  const cancelDeadline =
    deadlineMs === undefined
      ? undefined
      : plan.clock.schedule(() => fail(new Error(`nothing within ${deadlineMs} ms`)), deadlineMs)
  plan.signal?.addEventListener('abort', stop)

  const run = async (): Promise<void> => {
    try {
      plan.signal?.throwIfAborted()
      const raw = await plan.start(controller.signal)
      if (end()) settle.resolve(plan.opened(raw))
      else plan.tooLate(raw)
    } catch (error) {
      fail(error)
    }
  }
  void run()

  return {
    result,
    abandon() {
      if (!end()) return
      const error = new SocketError('EEBADF', `${plan.doing}: it was closed before it was open`)
      controller.abort(error)
      settle.reject(error)
    },
  }
}
