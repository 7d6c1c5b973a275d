// One OpenAPI 3.1 description, and what in an exchange does not fit it.
import Ajv from 'ajv/dist/2020.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export class Description {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv({ strict: false, allErrors: true });
    this.ajv.addSchema(document, 'api');
    this.taken = new Set();
    this.operations = [];
    for (const [template, item] of Object.entries(document.paths)) {
      const pattern = new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`);
      for (const method of METHODS.filter((name) => item[name])) {
        const at = ['paths', template, method];
        this.operations.push({ id: item[method].operationId, method: method.toUpperCase(), pattern, at, item: item[method] });
      }
    }
  }

  // Whether the target is below any of the described paths' first two segments.
  owns(target) {
    const first = (text) => pathOf(text).split('/')[1];
    return Object.keys(this.document.paths).some((template) => first(template) === first(target));
  }
  operationOf({ method, target }) {
    return this.operations.find((operation) => operation.method === method && operation.pattern.test(pathOf(target)));
  }
  neverTaken() {
    return this.operations.map(({ id }) => id).filter((id) => !this.taken.has(id));
  }

  faultsOfExchange(exchange) {
    const operation = this.operationOf(exchange);
    const label = `${exchange.method} ${exchange.target} ${exchange.request} -> ${exchange.status} ${exchange.answer}`;
    const body = parsed(exchange.answer);
    if (!operation) {
      // An address that is not described is refused, in the words of every other error.
      return exchange.status < 400 ? [`${label}: not described`] : [];
    }
    const success = exchange.status >= 200 && exchange.status < 300;
    const key = operation.item.responses[exchange.status] ? String(exchange.status) : 'default';
    if (success && key === 'default') return [`${label}: no such status is described`];
    const faults = this.check([...operation.at, 'responses', key], body).map((fault) => `${label}: ${fault}`);
    if (!success) return faults;
    this.taken.add(operation.id);
    return [...faults, ...this.faultsOfRequest(operation, exchange).map((fault) => `${label}: request ${fault}`)];
  }

  // Of what was taken: a refused request need not fit.
  faultsOfRequest(operation, { request }) {
    const body = parsed(request);
    if (!operation.item.requestBody || body === undefined || body === null) return [];
    return this.check([...operation.at, 'requestBody'], body);
  }

  faultsOfWebhook({ request, headers }) {
    const body = parsed(request);
    if (body === undefined) return [`${request}: no JSON`];
    const type = body.contains?.[0];
    const webhook = this.document.webhooks?.[type];
    if (!webhook) return [`${request}: the webhook ${type} is not described`];
    const faults = this.check(['webhooks', type, 'post', 'requestBody'], body);
    for (const parameter of webhook.post.parameters ?? []) {
      const sent = Object.entries(headers).find(([name]) => name.toLowerCase() === parameter.name.toLowerCase())?.[1];
      if (sent === undefined && parameter.required) faults.push(`${parameter.name} is missing`);
      if (sent !== undefined && !this.ajv.validate(parameter.schema, sent)) faults.push(`${parameter.name}: ${sent}`);
    }
    return faults.map((fault) => `${request}: ${fault}`);
  }

  // A response or request body by its place in the document, following one reference.
  check(at, body) {
    const holder = at.reduce((node, key) => node[key], this.document);
    const place = holder.$ref ? holder.$ref.slice(2).split('/') : at;
    const pointer = [...place, 'content', 'application/json', 'schema'].map(escaped).join('/');
    const validate = this.ajv.getSchema(`api#/${pointer}`);
    if (validate(body)) return [];
    return validate.errors.map(({ instancePath, message, params }) => `${instancePath || 'body'} ${message} ${JSON.stringify(params)}`);
  }
}

const pathOf = (target) => target.split('?')[0].replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
const escaped = (key) => encodeURIComponent(key.replace(/~/g, '~0').replace(/\//g, '~1'));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A form, or nothing.
  }
}
