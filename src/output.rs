//! How an answer is said: the document, its renderers, JSON and charts.

pub mod chart;
pub(crate) mod document;
pub mod html;
pub mod json;
pub mod mail;
pub mod markdown;
pub mod metrics;
pub mod picture;
pub mod plugin;
pub mod text;
pub mod view;
