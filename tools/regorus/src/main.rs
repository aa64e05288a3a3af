//! Microsoft's Regorus, asked line by line: `regorus RULES DATA`, a folder of .rego files and a JSON file.
//!
//! Each line of standard input is a list of inputs, and each line of standard output the list of the values of
//! `data.scopegate.decision`; of an input for which there is none, a text says why.

use std::io::{self, BufRead, Write};
use std::num::NonZeroU32;
use std::path::Path;
use std::{env, fs};

use anyhow::{Context, Result};
use regorus::{Engine, PolicyLengthConfig, Value};

const DECISION: &str = "data.scopegate.decision";

// Lines of generated rules are as long as a route has actions.
const LONGEST_LINE: NonZeroU32 = NonZeroU32::new(100_000).unwrap();

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let rules = arguments.next().context("which rules? regorus RULES DATA")?;
    if rules == "--version" {
        println!("regorus {}", env!("CARGO_PKG_VERSION"));
        return Ok(());
    }
    let data = arguments.next().context("which data? regorus RULES DATA")?;
    let mut engine = load(Path::new(&rules), Path::new(&data))?;
    for line in io::stdin().lock().lines() {
        let inputs = Value::from_json_str(&line?)?;
        let answers = inputs.as_array()?.iter().map(|input| decide(&mut engine, input.clone()));
        let answers = answers.collect::<Result<Vec<_>>>()?;
        writeln!(io::stdout(), "[{}]", answers.join(","))?;
        io::stdout().flush()?;
    }
    Ok(())
}

fn load(rules: &Path, data: &Path) -> Result<Engine> {
    let mut engine = Engine::new();
    engine.set_policy_length_config(PolicyLengthConfig { max_col: LONGEST_LINE, ..Default::default() });
    for entry in fs::read_dir(rules)? {
        let path = entry?.path();
        engine.add_policy(path.display().to_string(), fs::read_to_string(&path)?)?;
    }
    engine.add_data(Value::from_json_str(&fs::read_to_string(data)?)?)?;
    Ok(engine)
}

fn decide(engine: &mut Engine, input: Value) -> Result<String> {
    engine.set_input(input);
    let answer = match engine.eval_rule(DECISION.to_string()) {
        Ok(Value::Undefined) => Value::from("undefined"),
        Ok(decision) => decision,
        Err(error) => Value::from(error.to_string()),
    };
    // Spelt anew, since Regorus itself spells it on several lines.
    let spelt: serde_json::Value = serde_json::from_str(&answer.to_json_str()?)?;
    Ok(spelt.to_string())
}
