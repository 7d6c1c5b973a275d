// What the page does better with JavaScript. Everything works without: the server checks and says the same.
'use strict';

const show = (input, message) => {
  const place = document.getElementById(input.id + '-error');
  place.textContent = message;
  place.hidden = !message;
  if (message) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
};

// The first reason why the field cannot be sent, in the words that the server would use.
const fault = (input) => {
  const text = input.value.trim();
  if (!text) return input.dataset.missing;
  if (input.name === 'account_number_again') {
    const first = document.getElementById('account_number');
    return text.replace(/\s/g, '') === first.value.replace(/\s/g, '') ? '' : input.dataset.wrong;
  }
  return input.validity.patternMismatch || input.validity.tooLong ? input.dataset.wrong : '';
};

for (const form of document.forms) {
  const inputs = [...form.querySelectorAll('input[data-missing]')];
  form.noValidate = true;
  for (const input of inputs) {
    input.addEventListener('input', () => input.hasAttribute('aria-invalid') && show(input, fault(input)));
  }
  form.addEventListener('submit', (event) => {
    const held = event.submitter && event.submitter.hasAttribute('aria-disabled');
    const wrong = inputs.filter((input) => (show(input, fault(input)), fault(input)));
    if (wrong.length) wrong[0].focus();
    if (held || wrong.length || form.dataset.sent) return event.preventDefault();
    form.dataset.sent = 'yes';
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true');
    // On a bad line the next page may never come: the form can be sent again then.
    setTimeout(() => {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-disabled');
    }, 10000);
  });
}

// A reload does not show old mistakes again.
const here = new URL(location.href);
if (here.searchParams.has('error')) {
  here.searchParams.delete('error');
  history.replaceState(null, '', here);
}

// A page that comes back from the browser's memory can be sent again.
addEventListener('pageshow', (event) => event.persisted && location.reload());

const ifsc = document.getElementById('ifsc');
if (ifsc) ifsc.addEventListener('change', () => (ifsc.value = ifsc.value.trim().toUpperCase()));

const again = document.querySelector('[data-wait]');
if (again && Number(again.dataset.wait) > 0) {
  // The wait is the link's, whichever way the code goes.
  const buttons = again.form.querySelectorAll('button');
  const ready = again.textContent;
  const end = Date.now() + Number(again.dataset.wait) * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    again.textContent = left > 0 ? again.dataset.waitText.replace('%', left) : ready;
    if (left > 0) return setTimeout(tick, 250);
    for (const button of buttons) button.removeAttribute('aria-disabled');
  };
  for (const button of buttons) button.setAttribute('aria-disabled', 'true');
  tick();
}
