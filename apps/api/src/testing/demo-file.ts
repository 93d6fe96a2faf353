/** Definitions in which every subject of one country is in an experiment. */
export const DEMO_FILE = `
flags:
  - key: checkout
    type: string
    default: narrow
  - key: banner
    type: boolean
    default: false
experiments:
  - key: wider
    flag: checkout
    status: running
    targeting: country == "DE"
    traffic: 100
    variants:
      - { name: control, value: narrow, weight: 50, control: true }
      - { name: wide, value: wide, weight: 50 }
`;
