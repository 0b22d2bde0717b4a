import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { packages, ROOT } from './workspace.ts'

const FOLDER = fileURLToPath(new URL('../.snippets', import.meta.url))

/** A piece of TypeScript that the documentation shows. */
interface Snippet {
  readonly name: string
  readonly code: string
  /** It is a program that ends by itself, and says behind each `console.log` what that prints. */
  readonly runs: boolean
}

/** Every Markdown file that shows code. */
function documents(): readonly string[] {
  const guides = readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)
  const decisions = readdirSync(join(ROOT, 'docs/decisions')).map((name) => `docs/decisions/${name}`)
  const readmes = packages().flatMap(({ folder }) =>
    readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
  )
  return ['README.md', ...guides, ...decisions, ...readmes].filter((name) => name.endsWith('.md'))
}

function snippetsOf(document: string): readonly Snippet[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  return [...text.matchAll(/^```ts( run)?\n([\s\S]*?)^```$/gm)].map(([, run, code = ''], index) => ({
    name: `${document.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${index + 1}`,
    code,
    runs: run !== undefined,
  }))
}

/** A file of the workspace that a page shows, in pieces: a fence says which file it is a piece of. */
interface ShownFile {
  readonly document: string
  readonly file: string
  readonly shown: string
}

function filesShownIn(document: string): readonly ShownFile[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  const pieces = new Map<string, string[]>()
  for (const [, file = '', piece = ''] of text.matchAll(/^```ts (\S+\.ts)\n([\s\S]*?)^```$/gm)) {
    pieces.set(file, [...(pieces.get(file) ?? []), piece])
  }
  return [...pieces].map(([file, all]) => ({ document, file, shown: all.join('\n') }))
}

const shownFiles = documents().flatMap(filesShownIn)
const snippets = documents().flatMap(snippetsOf)
const programs = snippets.filter(({ runs }) => runs)

describe('the TypeScript that the documentation shows', () => {
  let compiled: { readonly stdout: string; readonly status: number | null }

  beforeAll(() => {
    rmSync(FOLDER, { recursive: true, force: true })
    mkdirSync(FOLDER)
    for (const { name, code } of snippets) writeFileSync(join(FOLDER, `${name}.ts`), `${code}\nexport {}\n`)
    writeFileSync(
      join(FOLDER, 'tsconfig.json'),
      JSON.stringify({
        extends: `./${relative(FOLDER, join(ROOT, 'tests/house/tsconfig.json'))}`,
        compilerOptions: { noEmit: false, outDir: 'out', rootDir: '.', declaration: false },
        include: ['*.ts'],
      }),
    )
    const tsc = join(ROOT, 'tests/house/node_modules/.bin/tsc')
    compiled = spawnSync(tsc, ['-p', FOLDER], { encoding: 'utf8' })
  })

  it('compiles', () => {
    expect(snippets.length).toBeGreaterThan(0)
    expect(compiled).toMatchObject({ stdout: '', status: 0 })
  })

  it.each(programs)('runs, and prints what it says: $name', ({ name, code }) => {
    const promised = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, line]) => line)
    expect(promised).not.toEqual([])
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(FOLDER, 'out', `${name}.js`)], {
      encoding: 'utf8',
      timeout: 10_000,
    })
    expect({ printed: stdout.trimEnd().split('\n'), stderr, status }).toEqual({
      printed: promised,
      stderr: '',
      status: 0,
    })
  })
})

describe('the files that the documentation shows', () => {
  it.each(shownFiles)('$file is what $document says', ({ file, shown }) => {
    expect(shown).toBe(readFileSync(join(ROOT, file), 'utf8'))
  })

  it('are some', () => {
    expect(shownFiles.length).toBeGreaterThan(0)
  })
})
