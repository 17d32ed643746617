// Passkeys: <form data-passkey="sign-in|second-factor|add"> holds a hidden field `credential`, which the browser's key
// fills before the form is sent. What the key must answer to stands in `data-options` (an address) or in the JSON script
// named by `data-options-in`. The form is hidden where the browser knows no passkeys.
const known = typeof PublicKeyCredential !== 'undefined' && PublicKeyCredential.parseRequestOptionsFromJSON

async function optionsOf(form) {
  const within = form.dataset.optionsIn && document.getElementById(form.dataset.optionsIn)
  const found = within
    ? JSON.parse(within.textContent)
    : (await (await fetch(form.dataset.options, { headers: { Accept: 'application/json' } })).json()).options
  return found.publicKey
}

async function answerOf(form) {
  const options = await optionsOf(form)
  if (form.dataset.passkey === 'add') {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
    return navigator.credentials.create({ publicKey })
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
}

for (const form of document.querySelectorAll('[data-passkey]')) {
  const field = form.elements.namedItem('credential')
  if (!known || !field) continue
  form.hidden = false
  // Before send-once.js counts the form as sent.
  form.addEventListener(
    'submit',
    async (event) => {
      if (field.value) return
      event.preventDefault()
      event.stopImmediatePropagation()
      const trouble = form.querySelector('[data-passkey-trouble]')
      if (trouble) trouble.hidden = true
      try {
        const credential = await answerOf(form)
        field.value = JSON.stringify(credential.toJSON())
      } catch {
        if (trouble) trouble.hidden = false
        return
      }
      form.requestSubmit(event.submitter)
    },
    { capture: true },
  )
}
