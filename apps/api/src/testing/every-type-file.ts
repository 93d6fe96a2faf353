/** Definitions with a flag of every type and a reason of every kind. */
export const EVERY_TYPE_FILE = `
flags:
  - key: dark-mode
    type: boolean
    default: true
  - key: greeting
    type: string
    default: hello
  - key: page-size
    type: number
    default: 20
  - key: price
    type: number
    default: 9.99
  - key: layout
    type: json
    default: { columns: 2, order: [a, b] }
  - key: switched-off
    type: string
    default: "off"
    enabled: false
  - key: for-beta
    type: string
    default: stable
    rules:
      - { if: beta == true, value: beta }
  - key: button
    type: string
    default: grey
experiments:
  - key: green-button
    flag: button
    status: running
    targeting: country == "DE"
    traffic: 100
    variants:
      - { name: control, value: grey, weight: 0, control: true }
      - { name: green, value: green, weight: 100 }
  - key: nobody-sees-it
    flag: switched-off
    status: running
    traffic: 100
    variants:
      - { name: control, value: "off", weight: 0, control: true }
      - { name: loud, value: "on", weight: 100 }
`;
