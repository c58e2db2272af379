//! Which certificates a mail server may show.
//!
//! Certificates are always verified, against the roots that browsers trust and one authority of one's own.

use std::sync::Arc;

use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// The settings can't be used for TLS.
#[derive(Debug)]
pub(super) struct Unusable;

/// TLS from the first byte.
#[derive(Clone)]
pub(super) struct Implicit {
    pub(super) config: Arc<ClientConfig>,
    pub(super) name: ServerName<'static>,
}

/// For a server that speaks TLS from the first byte (RFC 8314 3).
pub(super) fn implicit(host: &str, authority: Option<&[u8]>) -> Result<Implicit, Unusable> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in certificates(authority)? {
        roots.add(certificate).map_err(|_| Unusable)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Unusable)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Unusable)?;
    Ok(Implicit { config: Arc::new(config), name })
}

/// For a server that turns to TLS when asked (RFC 3207).
pub(super) fn upgrade(host: &str, authority: Option<&[u8]>) -> Result<TlsParameters, Unusable> {
    let mut parameters =
        TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    for certificate in certificates(authority)? {
        let certificate = Certificate::from_der(certificate.to_vec()).map_err(|_| Unusable)?;
        parameters = parameters.add_root_certificate(certificate);
    }
    parameters.build_rustls().map_err(|_| Unusable)
}

/// The certificates in a PEM text; a text without any is a mistake.
fn certificates(pem: Option<&[u8]>) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let Some(pem) = pem else { return Ok(Vec::new()) };
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    found.ok().filter(|found| !found.is_empty()).ok_or(Unusable)
}
