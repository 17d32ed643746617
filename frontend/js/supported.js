// First thing in <body>: the class by which GOV.UK Frontend shows the parts that need its scripts, before anything is drawn.
document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
// When the scripts did not arrive, the page is again as it is without them: nothing folded, nothing hidden.
addEventListener('load', () => {
  if (!('alive' in document.documentElement.dataset)) document.body.classList.remove('js-enabled', 'govuk-frontend-supported')
})
