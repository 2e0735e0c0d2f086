// SPDX-License-Identifier: Apache-2.0
//! Which topics belong to an identity. Uses nothing outside the standard library, so that its tests build in a second:
//! `rustc --edition 2021 --test own_topics.rs`.

/// Topics may carry one leading slash, as some devices send them.
pub fn is_own(topic: &str, username: &str, client_id: &str) -> bool {
    let topic = topic.strip_prefix('/').unwrap_or(topic);
    own_topics(username, client_id).is_some_and(|own| topic.starts_with(&own))
}

/// The topic prefix `{product}/{device}/` of an identity: username = product and clientId = device, or, with a client
/// certificate, username = CN or the whole subject with `CN={product}/{device}` in it. None when nothing is its own.
fn own_topics(username: &str, client_id: &str) -> Option<String> {
    let cn = username.split(", ").find_map(|part| part.strip_prefix("CN=")).unwrap_or(username);
    let (product, device) = cn.split_once('/').unwrap_or((cn, client_id));
    (is_key(product) && is_key(device) && device == client_id).then(|| format!("{product}/{device}/"))
}

/// A key is one topic segment, so that no identity can reach into another's by a slash or a wildcard of its own.
fn is_key(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities() {
        let own = |username, client_id| own_topics(username, client_id);
        assert_eq!(own("demo", "dev1").as_deref(), Some("demo/dev1/"));
        assert_eq!(own("demo/dev1", "dev1").as_deref(), Some("demo/dev1/"));
        assert_eq!(own("O=thingd, serialNumber=0A, CN=demo/dev1", "dev1").as_deref(), Some("demo/dev1/"));
        assert_eq!(own("demo/dev1", "dev2"), None, "a certificate of another device");
        assert_eq!(own("O=thingd, CN=demo/dev1", "dev2"), None, "a certificate of another device");
        assert_eq!(own("", "dev1"), None, "no username");
        assert_eq!(own("demo", ""), None, "no clientId");
        assert_eq!(own("demo", "dev1/thing"), None, "a clientId that reaches into another's topics");
        assert_eq!(own("demo/a/b", "a/b"), None, "a name of three segments");
        assert_eq!(own("+", "dev1"), None, "a wildcard");
    }

    #[test]
    fn wills() {
        assert!(is_own("demo/dev1/thing/event/offline/post", "demo", "dev1"));
        assert!(is_own("/demo/dev1/thing/event/offline/post", "demo", "dev1"));
        assert!(!is_own("//demo/dev1/thing/event/offline/post", "demo", "dev1"), "only one leading slash");
        assert!(!is_own("demo/dev10/thing/event/offline/post", "demo", "dev1"), "a longer key");
        assert!(!is_own("demo/dev2/thing/service/property/set", "demo", "dev1"), "another device");
        assert!(!is_own("other/dev1/thing/event/offline/post", "demo", "dev1"), "another product");
        assert!(!is_own("demo/dev1", "demo", "dev1"), "not below the prefix");
        assert!(!is_own("", "", ""), "nothing is nobody's");
    }
}
