// A form that carries its rules (components/checked.html) is checked here before it is sent: a field when one leaves it
// after typing, all of them when the form is sent. The sentences are the server's, which judges again.
import { announce } from './announce.js'
import { validate } from './answers/validation.js'

// `bringToLife(scope)` starts the design system's parts in what is put into the page.
export function check(holder, bringToLife) {
  const form = holder.closest('form')
  const rules = JSON.parse(holder.dataset.rules)
  // A page left open over midnight must not refuse what the server takes.
  if (localToday() > rules.today) rules.today = localToday()
  const page = new Page(form, holder)
  const touched = new Set()
  const find = () => new Map(validate(rules, page.typed(), (name) => page.listed(name)).mistakes)
  // What only the server could find stays until its field changes.
  const first = find()
  const fromServer = new Set([...page.shown()].filter((name) => !first.has(name)))

  const settle = () => {
    const { mistakes, asked, computed } = validate(rules, page.typed(), (name) => page.listed(name))
    const found = new Map(mistakes)
    page.show(asked, computed)
    for (const name of page.shown()) {
      if (found.has(name)) page.mark(name, found.get(name))
      else if (!fromServer.has(name) || touched.has(name)) page.clear(name)
    }
    return found
  }

  form.addEventListener('input', ({ target }) => {
    touched.add(fieldOf(target))
    settle()
  })
  form.addEventListener('change', settle)
  form.addEventListener('focusout', ({ target, relatedTarget }) => {
    const name = fieldOf(target)
    if (!touched.has(name) || (relatedTarget && fieldOf(relatedTarget) === name)) return
    whenReleased(() => {
      const sentence = find().get(name)
      if (!sentence) return
      page.mark(name, sentence)
      announce(sentence)
    })
  })
  form.addEventListener('submit', (event) => {
    if (event.submitter?.formNoValidate) return
    const mistakes = [...settle()].filter(([name]) => page.fields(name).length)
    if (!mistakes.length) return
    event.preventDefault()
    mistakes.forEach(([name, sentence]) => page.mark(name, sentence))
    page.summarise(mistakes, bringToLife)
  })
  settle()
}

const fieldOf = (element) => (element.name ?? '').split('--')[0]

function localToday() {
  const now = new Date()
  const two = (n) => String(n).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

// A sentence put in while the mouse is down on a button would move the button away under it.
let pressing = false
addEventListener('pointerdown', () => (pressing = true), true)
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => (pressing = false), true)

function whenReleased(action) {
  if (!pressing) return action()
  const later = () => setTimeout(action)
  addEventListener('pointerup', later, { once: true })
}

class Page {
  constructor(form, holder) {
    this.form = form
    this.holder = holder
  }

  // As the browser would send it: files go by another way.
  typed() {
    const texts = [...new FormData(this.form)].filter(([, value]) => typeof value === 'string')
    return new Map(texts.map(([name, text]) => [name, text.replace(/\r?\n/g, '\r\n')]))
  }

  fields(name) {
    return [...this.form.elements].filter((field) => field.name && fieldOf(field) === name && field.type !== 'hidden')
  }

  listed(name) {
    const [field] = this.fields(name)
    return field?.options ? [...field.options].map((option) => option.value) : null
  }

  show(asked, computed) {
    for (const part of this.form.querySelectorAll('[data-asked]')) hide(part, !asked.has(part.dataset.asked))
    for (const section of this.form.querySelectorAll('[data-asked-section]')) {
      const parts = [...section.querySelectorAll('[data-asked]')]
      hide(section, parts.length > 0 && parts.every((part) => !asked.has(part.dataset.asked)))
    }
    for (const sum of this.form.querySelectorAll('[data-computed]')) {
      const value = computed.get(sum.dataset.computed) ?? null
      const text = value === null ? sum.dataset.unknown : written(value)
      if (sum.textContent !== text) sum.textContent = text
    }
  }

  // Names of the fields that say a mistake.
  shown() {
    return [...this.form.querySelectorAll('.govuk-error-message[id$="_error"]')].map(({ id }) => id.slice(3, -6))
  }

  mark(name, sentence) {
    const [field] = this.fields(name)
    const there = this.form.querySelector(`#${CSS.escape(idOf(name))}`)
    if (!field) return
    if (there) {
      const said = there.querySelector('[data-sentence]')
      if (said?.textContent === sentence) return
      there.remove()
    }
    const said = this.holder.querySelector('[data-mistake]').content.firstElementChild.cloneNode(true)
    said.id = idOf(name)
    said.querySelector('[data-sentence]').textContent = sentence
    within(field, '.govuk-radios, .govuk-checkboxes, .oss-suggest, .govuk-input__wrapper').before(said)
    groupOf(field)?.classList.add('govuk-form-group--error')
    const described = describedBy(field)
    describe(described, said.id, true)
    if (described === field) field.setAttribute('aria-invalid', 'true')
  }

  clear(name) {
    this.form.querySelector(`#${CSS.escape(idOf(name))}`)?.remove()
    const [field] = this.fields(name)
    if (!field) return
    groupOf(field)?.classList.remove('govuk-form-group--error')
    describe(describedBy(field), idOf(name), false)
    field.removeAttribute('aria-invalid')
  }

  summarise(mistakes, bringToLife) {
    const summary = this.holder.querySelector('[data-summary]').content.firstElementChild.cloneNode(true)
    const lines = mistakes.map(([name, sentence]) => {
      const link = document.createElement('a')
      link.href = `#${this.fields(name)[0].id}`
      link.textContent = sentence
      const line = document.createElement('li')
      line.append(link)
      return line
    })
    summary.querySelector('ul').replaceChildren(...lines)
    const place = document.createElement('div')
    place.append(summary)
    const former = document.querySelector('main .govuk-error-summary')
    if (former) former.replaceWith(place)
    else this.form.before(place)
    bringToLife(place) // focuses the summary
    const { error } = this.holder.dataset
    if (!document.title.startsWith(error)) document.title = `${error} ${document.title}`
  }
}

const idOf = (name) => `id_${name}_error`
const groupOf = (field) => field.closest('.govuk-form-group')
const hide = (part, hidden) => part.classList.toggle('oss-asked--hidden', hidden)

// The part around a field, in the field's own group; else the field.
function within(field, selector) {
  const part = field.closest(selector)
  return part && groupOf(field)?.contains(part) ? part : field
}

// Choices are described as a whole, by their fieldset.
const describedBy = (field) => within(field, 'fieldset')

function describe(element, id, said) {
  const ids = (element.getAttribute('aria-describedby') ?? '').split(' ').filter((each) => each && each !== id)
  if (said) ids.push(id)
  if (ids.length) element.setAttribute('aria-describedby', ids.join(' '))
  else element.removeAttribute('aria-describedby')
}

// 1234.5 → 1.234,5
function written(number) {
  const [whole, fraction] = String(number).split('.')
  return whole.replace(/\B(?=(\d{3})+$)/g, '.') + (fraction ? `,${fraction}` : '')
}
