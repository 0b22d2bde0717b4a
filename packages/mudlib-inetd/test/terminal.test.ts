import type { TerminalFacts } from '@mudwire/telnet'
import { describe, expect, it } from 'vitest'
import { openTown, type Town } from './support/town.ts'

type Person = Awaited<ReturnType<Town['connect']>>

const PLAIN: TerminalFacts = {
  colours: 'none',
  utf8: true,
  screenReader: false,
  hyperlinks: false,
  mode: 'line',
  compression: { sent: false, received: false },
  gmcp: [],
  settled: true,
}

/** Somebody comes into the world, with a terminal. */
async function enter(town: Town, name: string, facts: Partial<TerminalFacts> = {}): Promise<Person> {
  const person = await town.connect()
  person.peer.signal('terminal', { ...PLAIN, ...facts })
  person.type(name)
  return person
}

const gmcpTo = ({ peer }: Person): readonly unknown[] =>
  peer.signals.filter(({ name }) => name === 'gmcp').map(({ payload }) => payload)

describe('prompts', () => {
  it('follow what was shown in a turn, and are marked', async () => {
    const town = await openTown()
    const ada = await enter(town, 'Ada')
    ada.peer.signals.splice(0)
    expect(ada.type('inventory')).toEqual(['You carry nothing.', '> '])
    expect(ada.peer.signals).toEqual([{ name: 'prompt', payload: undefined }])
    // An empty line asks for nothing but another prompt.
    expect(ada.type('')).toEqual(['> '])
  })

  it('are left standing where somebody else speaks, and come again behind it', async () => {
    const town = await openTown()
    const [ada, bob] = [await enter(town, 'Ada'), await enter(town, 'Bob')]
    ada.hear()
    bob.type('say hello')
    bob.peer.send("'again\r\n'and again\r\n")
    expect(ada.hear()).toEqual(['', 'Bob says: hello', '> ', 'Bob says: again', 'Bob says: and again', '> '])
  })

  it('can be turned off', async () => {
    const town = await openTown()
    const ada = await enter(town, 'Ada')
    expect(ada.type('prompt off')).toEqual(['You see no prompts.'])
    expect(ada.type('inventory')).toEqual(['You carry nothing.'])
    expect(ada.type('prompt')).toEqual(['You see no prompts.'])
    expect(ada.type('prompt on')).toEqual(['You see prompts.', '> '])
  })

  it('are not for who has just gone', async () => {
    const town = await openTown()
    const [ada, bob] = [await enter(town, 'Ada'), await enter(town, 'Bob')]
    // Her connection is closed, and she has not been told yet, when he speaks.
    bob.peer.send('say hello\r\n')
    ada.peer.reset()
    expect(bob.hear()).toContain('Ada is gone.')
    bob.peer.send('say hello\r\n')
    town.clock.run()
    expect(town.errors).toEqual([])
  })

  it('are not read out to who listens, and end their line where one is needed', async () => {
    const town = await openTown()
    const ada = await town.connect()
    ada.peer.signal('terminal', { ...PLAIN, screenReader: true })
    ada.hear()
    expect(ada.type('Somebody')).toEqual(['That word is needed elsewhere. What is your name?'])
    ada.type('Ada')
    expect(ada.type('inventory')).toEqual(['You carry nothing.'])
  })
})

describe('what is shown', () => {
  it('has the colours that the terminal has, and no others', async () => {
    const town = await openTown()
    const [ada, bob] = [await enter(town, 'Ada', { colours: '16' }), await enter(town, 'Bob')]
    bob.hear()
    expect(ada.type('say hi {red}you')[0]).toBe('You say: \x1b[32mhi {red}you\x1b[0m')
    expect(bob.hear()).toContain('Ada says: hi {red}you')
  })

  it('is as wide as the window, now and after it has changed', async () => {
    const town = await openTown()
    const ada = await enter(town, 'Ada')
    ada.peer.signal('windowSize', { columns: 40, rows: 24 })
    expect(ada.type('north').slice(0, 4)).toEqual([
      "Lamplighters' lane",
      'Lamps hang from every house, lit by day',
      'and night alike. The square is south;',
      'stairs lead up to a roof.',
    ])
    ada.peer.signal('windowSize', { columns: 200, rows: 24 })
    expect(ada.type('look')).toContain(
      'Lamps hang from every house, lit by day and night alike. The square is south; stairs lead up to a roof.',
    )
  })
})

describe('the map', () => {
  it('is a picture, in ASCII where nothing else is certain, and words for who hears it', async () => {
    const town = await openTown()
    const [ada, bob, eve, browser] = [
      await enter(town, 'Ada'),
      await enter(town, 'Bob', { utf8: false }),
      await enter(town, 'Eve', { screenReader: true }),
      await town.connect('Ben'),
    ]
    expect(ada.type('map')).toContain('  Reading room ──── Square ──── Bridge ──── Garden')
    expect(bob.type('map')).toContain('  Reading room ---- Square ---- Bridge ---- Garden')
    for (const person of [eve, browser]) {
      expect(person.type('map').join(' ')).toMatch(/^The market square is in the middle\. [^─]*$/)
    }
  })
})

describe('who', () => {
  it('tells what clients say of themselves, made safe', async () => {
    const town = await openTown()
    const ada = await enter(town, 'Ada', {
      client: 'TINTIN++',
      version: '2.02',
      compression: { sent: true, received: true },
    })
    await enter(town, 'Bob', { type: 'XTERM', compression: { sent: true, received: false } })
    await enter(town, 'Eve', { client: '{red}x\x1b[2J{/}' })
    ada.hear()
    expect(ada.type('who')).toEqual([
      '3 people are here:',
      'Ada (you): TINTIN++ 2.02, compressed both ways',
      'Bob: XTERM, compressed',
      'Eve: {red}x{/}',
      '> ',
    ])
  })
})

describe('GMCP', () => {
  const wants = { gmcp: ['char', 'room', 'comm'] }
  const square = {
    package: 'Room.Info',
    data: { num: 1, name: 'Market square', area: 'Mudwire', exits: { n: 2, e: 4, w: 6 } },
  }
  const vitals = (ep: number): unknown => ({ package: 'Char.Vitals', data: { ep, maxep: 100 } })

  it('tells who and where and how you are, as soon as the client wants it', async () => {
    const town = await openTown()
    const early = await enter(town, 'Ada', wants)
    const late = await enter(town, 'Bob')
    expect(gmcpTo(late)).toEqual([])
    late.peer.signal('terminal', { ...PLAIN, ...wants })
    late.hear()
    for (const [person, name] of [
      [early, 'Ada'],
      [late, 'Bob'],
    ] as const) {
      expect(gmcpTo(person)).toEqual([
        { package: 'Char.Name', data: { name, fullname: name } },
        expect.objectContaining({ package: 'Comm.Channel.List' }),
        vitals(100),
        square,
      ])
    }
  })

  it('follows every step, and says how many are left', async () => {
    const town = await openTown()
    const ada = await enter(town, 'Ada', wants)
    const told = (line: string): readonly unknown[] => {
      const before = gmcpTo(ada).length
      ada.type(line)
      return gmcpTo(ada).slice(before)
    }
    expect(told('north')).toEqual([
      {
        package: 'Room.Info',
        data: { num: 2, name: "Lamplighters' lane", area: 'Mudwire', exits: { s: 1, u: 3 } },
      },
      vitals(99),
    ])
    expect(told('east')).toEqual([{ package: 'Room.WrongDir', data: 'e' }])
    expect(told('south')).toEqual([square, vitals(98)])
    town.clock.advance(1_500)
    expect(told('look')).toEqual([vitals(99)])
    expect(told('quit')).toEqual([{ package: 'Core.Goodbye', data: 'Goodbye.' }])
  })

  it('brings what is said, told and chatted to those who hear it', async () => {
    const town = await openTown()
    const [ada, bob] = [await enter(town, 'Ada', wants), await enter(town, 'Bob', wants)]
    bob.type('north')
    const before = gmcpTo(bob).length
    for (const line of ['say {here}', 'tell bob psst', 'chat hello, all']) ada.type(line)
    bob.hear()
    const heard = (channel: string, text: string): unknown => ({
      package: 'Comm.Channel.Text',
      data: { channel, talker: 'Ada', text },
    })
    const [psst, all] = [heard('tell', 'psst'), heard('chat', 'hello, all')]
    expect(gmcpTo(bob).slice(before)).toEqual([psst, all])
    expect(gmcpTo(ada).slice(-3)).toEqual([heard('say', '{here}'), psst, all])
  })
})

it('whoever walks without end has to rest', async () => {
  const town = await openTown()
  const ada = await town.connect('Ada')
  for (let step = 0; step < 50; step += 1) for (const way of ['n', 's']) ada.type(way)
  expect(ada.type('n')).toEqual(['You are too tired for another step. Rest for a moment.'])
  town.clock.advance(1_000)
  expect(ada.type('n')[0]).toBe("Lamplighters' lane")
})
