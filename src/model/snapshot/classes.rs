//! The usage of a store or mailbox by class. The classes sum to the whole.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::{AddAssign, Index, IndexMut};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::model::class::Class;

/// The usage of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct ClassUsage {
    /// Names of files, without directories.
    pub files: u64,
    /// `st_size` of the files, each inode once per store.
    pub bytes: u64,
    /// Blocks of files and directories in bytes, each inode once per store.
    pub allocated_bytes: u64,
    /// Inodes of files and directories, each once per store.
    pub inodes: u64,
}

impl AddAssign for ClassUsage {
    /// Sums stop at the largest number; see [`super::Tally`].
    fn add_assign(&mut self, more: ClassUsage) {
        self.files = self.files.saturating_add(more.files);
        self.bytes = self.bytes.saturating_add(more.bytes);
        self.allocated_bytes = self.allocated_bytes.saturating_add(more.allocated_bytes);
        self.inodes = self.inodes.saturating_add(more.inodes);
    }
}

/// The usage of every class; the classes sum to the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes([ClassUsage; Class::ALL.len()]);

impl Classes {
    /// The classes with their usage, in the order of [`Class::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Class, &ClassUsage)> {
        Class::ALL.into_iter().zip(&self.0)
    }
}

impl JsonSchema for Classes {
    fn schema_name() -> Cow<'static, str> {
        "Classes".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let usage = generator.subschema_for::<ClassUsage>();
        let of_class = |class: &Value| {
            let mut property = usage.clone();
            property.insert("description".to_owned(), class["description"].clone());
            Some((class["const"].as_str()?.to_owned(), Value::from(property)))
        };
        let classes = Value::from(Class::json_schema(generator));
        let mut properties: Map<_, _> =
            classes["oneOf"].as_array().into_iter().flatten().filter_map(of_class).collect();
        properties.sort_keys();
        let words: Vec<&String> = properties.keys().collect();
        json_schema!({"type": "object", "properties": properties, "required": words})
    }
}

impl Serialize for Classes {
    /// A map by the words of the classes, sorted.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.iter().map(|(class, share)| (class.word(), share)).collect::<BTreeMap<_, _>>().serialize(serializer)
    }
}

impl Index<Class> for Classes {
    type Output = ClassUsage;

    fn index(&self, class: Class) -> &ClassUsage {
        &self.0[class as usize]
    }
}

impl IndexMut<Class> for Classes {
    fn index_mut(&mut self, class: Class) -> &mut ClassUsage {
        &mut self.0[class as usize]
    }
}

impl FromIterator<(Class, ClassUsage)> for Classes {
    fn from_iter<I: IntoIterator<Item = (Class, ClassUsage)>>(shares: I) -> Classes {
        let mut classes = Classes::default();
        for (class, share) in shares {
            classes[class] += share;
        }
        classes
    }
}

impl AddAssign for Classes {
    fn add_assign(&mut self, more: Classes) {
        for (share, more) in self.0.iter_mut().zip(more.0) {
            *share += more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_own_share() {
        let mut classes = Classes::default();
        for (number, class) in Class::ALL.into_iter().enumerate() {
            classes[class].files = number as u64;
        }
        let files: Vec<u64> = classes.iter().map(|(class, share)| share.files + u64::from(class as u8 > 7)).collect();
        assert_eq!(files, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}
