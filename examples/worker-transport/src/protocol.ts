import type { MessagePort } from 'node:worker_threads'
import type { Address } from '@mudwire/core'

/** What goes through the door: who calls, and its end of the new connection. */
export interface Call {
  readonly from: Address
  readonly port: MessagePort
}

/** What goes over a connection. */
export type Message =
  /** The first thing that the listener says. */
  | { readonly type: 'open'; readonly address: Address }
  | { readonly type: 'data'; readonly chunk: string | Uint8Array }
  /** So many bytes have been taken, and as many more may be sent. */
  | { readonly type: 'taken'; readonly bytes: number }
  /** Nothing more will be sent. */
  | { readonly type: 'end' }

/** So many bytes may be under way that nobody has taken yet. */
export const WINDOW: number = 64 * 1024

export function sizeOf(chunk: string | Uint8Array): number {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength
}
