import { incompleteTail } from '@mudwire/core/internal'
import { decodeStrictly, decodeText } from '../../../src/utf8.ts'
import { bytesToSend } from '../peer.ts'
import type { Observed, Scenario, Step } from '../scenario.ts'
import { efunOf, isAbout, isStatus, type Rule, returning } from './rule.ts'

type PeerStep = Extract<Step, { readonly peer: string }>

function peerStep(step: Step | undefined): PeerStep | undefined {
  return step && 'peer' in step ? step : undefined
}

/** What FluffOS makes of what it reads at once: a text ends at the first NUL. */
function cut(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

export const wholeTexts: Rule = {
  name: 'whole-texts',
  reason:
    'A NUL byte does not end a text: what follows it arrives, too. A character that comes in two reads arrives whole, with the second. FluffOS drops what follows a NUL, and makes U+FFFD of both halves.',
  apply(events, scenario) {
    const carried = new Map<string, Uint8Array>()
    let list = events
    for (const [at, step] of scenario.steps.entries()) {
      const sending = peerStep(step)
      if (!sending) continue
      if (sending.do.startsWith('send')) list = readAs(list, scenario, at, sending, carried)
      if (sending.do === 'udp_send') list = datagramAs(list, scenario, at, sending)
    }
    return list
  },
}

/** The callback that read what was sent in this step: the first one until somebody sends again that fits. */
function readerOf(events: readonly Observed[], { steps }: Scenario, from: number, value: string): number {
  const next = steps.findIndex((step, at) => at > from && /send/.test(peerStep(step)?.do ?? ''))
  const end = next < 0 ? steps.length : next
  return events.findIndex(
    ({ callback, step, args }) => callback !== undefined && step >= from && step < end && args?.[1] === value,
  )
}

function readAs(
  events: readonly Observed[],
  scenario: Scenario,
  at: number,
  step: PeerStep,
  carried: Map<string, Uint8Array>,
): readonly Observed[] {
  const sent = bytesToSend({ ...step, saw: [] })
  const index = readerOf(events, scenario, at, decodeText(cut(sent)))
  if (index < 0) return events
  const bytes = Buffer.concat([carried.get(step.peer) ?? Buffer.alloc(0), sent])
  const tail = incompleteTail(bytes, 0, bytes.byteLength)
  carried.set(step.peer, bytes.subarray(bytes.byteLength - tail))
  const text = decodeText(bytes.subarray(0, bytes.byteLength - tail))
  return events.flatMap((event, other) => {
    if (other !== index || !event.args) return [event]
    return text === '' ? [] : [{ ...event, args: [event.args[0], text, ...event.args.slice(2)] }]
  })
}

function datagramAs(
  events: readonly Observed[],
  scenario: Scenario,
  at: number,
  step: PeerStep,
): readonly Observed[] {
  const sent = bytesToSend({ ...step, saw: [] })
  const text = decodeStrictly(cut(sent))
  if (text === undefined || sent.indexOf(0) < 0) return events
  const index = readerOf(events, scenario, at, text)
  const whole = decodeStrictly(sent) ?? { buffer_hex: sent.toString('hex') }
  return events.map((event, other) =>
    other === index && event.args
      ? { ...event, args: [event.args[0], whole, ...event.args.slice(2)] }
      : event,
  )
}

/** A datagram socket as far as a recording tells of it. */
interface DatagramSocket {
  readonly fd: unknown
  readonly read: unknown
  readonly isBinary: boolean
  who: unknown
  local: string | undefined
}

export const emptyDatagrams: Rule = {
  name: 'empty-datagrams-arrive',
  reason:
    'An empty datagram is delivered as such. FluffOS closes the socket without a word, which anybody can make it do from outside.',
  apply(events, { steps }) {
    const sockets = new Map<unknown, DatagramSocket>()
    const list: Observed[] = []
    let hit: DatagramSocket | undefined
    for (const [at, step] of steps.entries()) {
      for (const event of events.filter((other) => other.step === at)) {
        note(sockets, event)
        list.push(hit && isAbout(event, hit.fd) ? reopened(event, hit) : event)
      }
      const sending = peerStep(step)
      if (sending?.do !== 'udp_send') continue
      const bytes = bytesToSend({ ...sending, saw: [] })
      const target = [...sockets.values()].find(({ local }) => local === '127.0.0.1.<port>')
      if (bytes.byteLength === 0) hit ??= target
      if (!hit) continue
      const text = hit.isBinary ? undefined : decodeStrictly(bytes)
      list.push({
        who: hit.who,
        callback: String(hit.read),
        args: [hit.fd, text ?? { buffer_hex: bytes.toString('hex') }, `127.0.0.1 <peer:${sending.peer}>`],
        step: at,
      })
    }
    return list
  },
}

function note(sockets: Map<unknown, DatagramSocket>, event: Observed): void {
  const [first, second] = event.args ?? []
  const socket = sockets.get(first)
  if (event.did === 'socket_create' && (first === 2 || first === 4)) {
    sockets.set(event.returned, {
      fd: event.returned,
      read: second,
      isBinary: first === 4,
      who: event.who,
      local: undefined,
    })
  } else if (socket && event.did === 'socket_bind' && event.returned === 1)
    socket.local = `127.0.0.1.${String(second)}`
  else if (socket && event.did === 'socket_acquire' && event.returned === 1) socket.who = event.who
}

/** What is recorded of the socket as if it were closed. */
function reopened(event: Observed, { who, local = '' }: DatagramSocket): Observed {
  const isClosed = isStatus(event.returned) && event.returned[1] === 'CLOSED'
  if (isClosed) return { ...event, returned: ['<osfd>', 'BOUND', 'DATAGRAM', local, '', who] }
  if (event.did === 'socket_address' && event.args?.[1] === 1) {
    return { ...event, returned: local.replace(/\.(?=[^.]*$)/, ' ') }
  }
  const works = efunOf(event) === 'socket_write' || efunOf(event) === 'socket_close'
  return works && event.returned === -6 ? returning(event, 1) : event
}
