import { badArgument } from './arguments.ts'
import type { Caller } from './caller.ts'
import type { Descriptor } from './descriptor.ts'
import type { EfunContext } from './efun-context.ts'

/** 1: refuse a server whom nobody vouches for. Default 0. */
export const SO_TLS_VERIFY_PEER = 1
/** The name to ask a server for. */
export const SO_TLS_SNI_HOSTNAME = 2
/** The file with the certificate to listen with, in PEM. */
export const SO_TLS_CERT = 3
/** The file with its key, in PEM. */
export const SO_TLS_KEY = 4

/** The options of one descriptor, for the TLS modes. */
export class TlsOptions {
  #verifyPeer: 0 | 1 = 0
  readonly #texts = new Map<number, string>()

  get verifyPeer(): boolean {
    return this.#verifyPeer === 1
  }

  get serverName(): string | undefined {
    return this.#texts.get(SO_TLS_SNI_HOSTNAME)
  }

  get certFile(): string | undefined {
    return this.#texts.get(SO_TLS_CERT)
  }

  get keyFile(): string | undefined {
    return this.#texts.get(SO_TLS_KEY)
  }

  /** Throws a TypeError for an option that there is not, or a value that it cannot have. */
  set(option: number, value: unknown): void {
    if (option === SO_TLS_VERIFY_PEER) {
      if (value !== 0 && value !== 1) throw badArgument('socket_set_option', 3, '0 or 1', value)
      this.#verifyPeer = value
      return
    }
    requireOption('socket_set_option', option)
    if (typeof value !== 'string') throw badArgument('socket_set_option', 3, 'a string', value)
    this.#texts.set(option, value)
  }

  /** Throws a TypeError for an option that there is not. */
  get(option: number): number | string | undefined {
    if (option === SO_TLS_VERIFY_PEER) return this.#verifyPeer
    requireOption('socket_get_option', option)
    return this.#texts.get(option)
  }
}

function requireOption(efun: string, option: number): void {
  if (option >= SO_TLS_VERIFY_PEER && option <= SO_TLS_KEY) return
  throw badArgument(efun, 2, 'one of the options SO_TLS_…, 1 to 4', option)
}

/** `socket_set_option`. */
export function setOption(
  context: EfunContext,
  caller: Caller,
  fd: number,
  option: number,
  value: unknown,
): void {
  const descriptor = openOrThrow('socket_set_option', context, fd)
  if (descriptor.owner !== caller) throw badArgument('socket_set_option', 1, "one's own socket", fd)
  descriptor.tls ??= new TlsOptions()
  descriptor.tls.set(option, value)
}

/** `socket_get_option`. */
export function getOption(context: EfunContext, fd: number, option: number): number | string | undefined {
  const { tls = new TlsOptions() } = openOrThrow('socket_get_option', context, fd)
  return tls.get(option)
}

function openOrThrow(efun: string, context: EfunContext, fd: number): Descriptor {
  const descriptor = context.open(fd)
  if (typeof descriptor === 'number') throw badArgument(efun, 1, 'an open socket', fd)
  return descriptor
}
