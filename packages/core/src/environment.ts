/**
 * The one file of core that touches the globals of its environment, so that core runs in Node, in a browser and in a
 * worker alike. Nothing here is Node's alone; where Node has something faster, it is taken when it is there.
 */

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/** The part of Node's Buffer that is quicker on short input than the web's own coders. */
interface FastBytes {
  byteLength(text: string): number
  [Symbol.hasInstance](value: unknown): value is FastChunk
}
interface FastChunk {
  toString(encoding: 'utf8', start: number, end: number): string
}
const Fast = (globalThis as { readonly Buffer?: unknown }).Buffer as FastBytes | undefined

/** Bytes to text; what is not UTF-8 becomes U+FFFD, by the rule of the WHATWG. A byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  const chunk: unknown = bytes
  if (Fast && chunk instanceof Fast) return chunk.toString('utf8', start, end)
  return decoder.decode(bytes.subarray(start, end))
}

/** Text to bytes; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Writes a text into `target` from `offset` on and returns how many bytes it took. */
export function encodeUtf8Into(text: string, target: Uint8Array, offset: number): number {
  return encoder.encodeInto(text, target.subarray(offset)).written
}

/** How many bytes {@link encodeUtf8} would make. */
export const nativeUtf8Length: ((text: string) => number) | undefined =
  Fast && ((text) => Fast.byteLength(text))

/** Milliseconds that only ever grow. */
export function monotonicNow(): number {
  return performance.now()
}

/** Runs `task` on a later turn of the event loop, after input that is already there has been seen. */
export function defer(task: () => void): void {
  deferWith(task)
}

const deferWith = chooseDefer()

interface MessageTarget {
  onmessage?: unknown
  postMessage(message: unknown): void
}

function chooseDefer(): (task: () => void) => void {
  const { setImmediate } = globalThis as { readonly setImmediate?: (task: () => void) => unknown }
  if (setImmediate) return setImmediate
  if (typeof MessageChannel === 'undefined') return queueMicrotask
  const channel: { readonly port1: MessageTarget; readonly port2: MessageTarget } = new MessageChannel()
  const tasks: (() => void)[] = []
  channel.port1.onmessage = () => tasks.shift()?.()
  return (task) => {
    tasks.push(task)
    channel.port2.postMessage(0)
  }
}

/** Calls `task` once, after about `ms` milliseconds, unless it is cancelled. Keeps no process alive. */
export function schedule(task: () => void, ms: number): () => void {
  const timer: unknown = setTimeout(task, ms)
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') {
    timer.unref()
  }
  return () => clearTimeout(timer as number)
}

export function newAbortController(): AbortController {
  return new AbortController()
}

/** The last resort for an error that nobody has asked to hear of. */
export function reportToConsole(text: string, error: unknown): void {
  console.error(text, error)
}
