import { describe, expect, it } from 'vitest'
import { terminal } from '../src/index.ts'
import { connected, settledAfter, textSignals } from './support/bench.ts'

const [SE, SB, WILL, DO, DONT, IAC] = [240, 250, 251, 253, 254, 255] as const

describe('TTYPE and MTTS', () => {
  it('goes round the cycle and knows the terminal', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(IAC, WILL, 24)
    for (const type of ['TINTIN++', 'xterm-256color', 'MTTS 333'])
      connection.say(IAC, SB, 24, 0, type, IAC, SE)
    expect(connection.sent()).toEqual(['SB 24 <1>', 'SB 24 <1>', 'SB 24 <1>'])
    expect(settledAfter(connection)).toMatchObject({
      client: 'TINTIN++',
      type: 'xterm-256color',
      colours: 'true',
      utf8: true,
      screenReader: true,
    })
  })

  it('stops where an answer repeats, and ignores what comes unasked', async () => {
    const connection = await connected()
    connection.say(IAC, WILL, 24)
    connection.sent()
    for (const type of ['XTERM', 'XTERM', 'EVIL']) connection.say(IAC, SB, 24, 0, type, IAC, SE)
    expect(connection.sent()).toEqual(['SB 24 <1>'])
    expect(settledAfter(connection)).toMatchObject({ type: 'XTERM', colours: '16' })
  })
})

describe('NAWS', () => {
  it('reads 255 doubled, clamps, and ignores what is no size', async () => {
    const connection = await connected()
    connection.say(IAC, WILL, 31)
    connection.say(IAC, SB, 31, 0, IAC, IAC, 0, 24, IAC, SE)
    connection.say(IAC, SB, 31, IAC, IAC, IAC, IAC, 0, 1, IAC, SE)
    connection.say(IAC, SB, 31, 0, 80, IAC, SE, IAC, SB, 31, 0, 0, 0, 24, IAC, SE)
    expect(connection.heard).toEqual([
      ['windowSize', { columns: 255, rows: 24 }],
      ['windowSize', { columns: 500, rows: 5 }],
    ])
    expect(terminal(connection.socket).size).toEqual({ columns: 500, rows: 5 })
  })
})

describe('CHARSET', () => {
  it('reads UTF-8, and what is none as Latin-1', async () => {
    const connection = await connected()
    connection.say('é', 0xe9, ' ', 0xc3)
    connection.say(0xa9, 0xff, 0xff, '\r\n')
    expect(connection.heard).toEqual(['éé éÿ'])
  })

  it('writes and reads Latin-1 for a client that has no UTF-8', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 42)
    expect(connection.sent()).toContain('SB 42 <1>;UTF-8')
    connection.say(IAC, SB, 42, 3, IAC, SE, 0xc3, 0xa9, '\r\n')
    const before = connection.peer.bytes.length
    connection.socket.write('é ÿ 三🐉\n')
    connection.clock.run()
    expect([...connection.peer.bytes.subarray(before)]).toEqual([0xe9, 32, 255, 255, 32, 63, 63, 13, 10])
    expect(connection.heard).toEqual(['Ã©'])
    expect(settledAfter(connection).utf8).toBe(false)
  })

  it('rejects a request that crosses its own', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(IAC, SB, 42, 1, ';UTF-8', IAC, SE)
    expect(connection.sent()).toEqual(['SB 42 <3>'])
  })

  it('lets a client ask that does not want to be asked', async () => {
    const connection = await connected()
    connection.say(IAC, DONT, 42, IAC, WILL, 42)
    connection.sent()
    connection.say(IAC, SB, 42, 1, ';KOI8-R', IAC, SE)
    connection.say(IAC, SB, 42, 1, '[TTABLE ]', 1, ';UTF-8', IAC, SE)
    connection.say(IAC, SB, 42, 1, ' KOI8-R ISO-8859-1', IAC, SE, 0xe9, '\r\n')
    expect(connection.sent()).toEqual(['SB 42 <3>', 'SB 42 <3>', 'SB 42 <2>ISO-8859-1'])
    expect(settledAfter(connection).utf8).toBe(false)
    connection.say(IAC, SB, 42, 1, ';UTF-8', IAC, SE, 'é\r\n')
    expect(connection.sent()).toEqual(['SB 42 <2>UTF-8'])
    expect(textSignals(connection)).toEqual(['é', 'é'])
    expect(terminal(connection.socket).utf8).toBe(true)
  })
})

describe('NEW-ENVIRON', () => {
  it('learns what MNES has, of plain and short values only', async () => {
    const connection = await connected()
    connection.say(IAC, WILL, 39)
    expect(connection.sent().at(-1)).toMatch(/^SB 39 <1><0>CLIENT_NAME<0>CLIENT_VERSION<0>CHARSET/)
    connection.say(
      IAC,
      SB,
      39,
      0,
      0,
      'CLIENT_NAME',
      1,
      'Tin',
      27,
      '[2J',
      0xe2,
      0x80,
      0xae,
      'Tin'.repeat(99),
      IAC,
      SE,
    )
    connection.say(
      IAC,
      SB,
      39,
      2,
      0,
      'MTTS',
      1,
      '15',
      3,
      'USER',
      1,
      '-f root',
      3,
      'OSC_HYPERLINKS',
      1,
      '1',
      IAC,
      SE,
    )
    const known = settledAfter(connection)
    expect(known).toMatchObject({ colours: '256', utf8: true, hyperlinks: true })
    expect(known.client).toMatch(/^Tin\[2JTinTin/)
    expect(known.client).toHaveLength(64)
    expect(JSON.stringify(connection.heard)).not.toContain('root')
  })
})

describe('MSSP', () => {
  it('gives the facts of the moment', async () => {
    const connection = await connected({ mssp: () => ({ NAME: 'Mud\u0001wire', PORT: [4000, 4443] }) })
    connection.sent()
    connection.say(IAC, DO, 70)
    expect(connection.sent()).toEqual(['SB 70 <1>NAME<2>Mudwire<1>PORT<2>4000<2>4443'])
  })

  it('is silent where the facts cannot be had, and the server hears why', async () => {
    const errors: unknown[] = []
    const connection = await connected({
      onError: (error) => void errors.push(error),
      mssp: () => {
        throw new Error('no facts today')
      },
    })
    connection.sent()
    connection.say(IAC, DO, 70, 'on we go\r\n')
    expect(connection.sent()).toEqual([])
    expect(connection.heard).toEqual(['on we go'])
    expect(errors).toEqual([new Error('no facts today')])
  })
})
