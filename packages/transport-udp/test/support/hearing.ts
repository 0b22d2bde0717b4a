import type { Address, DatagramHandlers } from '@mudwire/core'

/** A datagram as an owner has seen it. */
export interface Heard {
  readonly bytes: readonly number[]
  readonly from: Address
}

/** What an owner hears, and a promise for the moment when it has heard `count` datagrams. */
export interface Ears {
  readonly handlers: DatagramHandlers
  readonly heard: Heard[]
  readonly all: Promise<void>
}

export function hearing(count: number): Ears {
  const heard: Heard[] = []
  let complete = (): void => {}
  const all = new Promise<void>((resolve) => {
    complete = resolve
  })
  const handlers: DatagramHandlers = {
    datagram(bytes, from) {
      heard.push({ bytes: [...bytes], from })
      if (heard.length === count) complete()
    },
  }
  return { handlers, heard, all }
}

/** What is heard of a text. */
export function sent(text: string, from: Address): Heard {
  return { bytes: [...Buffer.from(text)], from }
}
