using System.Collections.Immutable;

namespace Platform.Core.Compliance.Checks;

/// <summary>Who may come in, over what, and what bounds hold.</summary>
internal static class SecurityChecks
{
    private static readonly TimeSpan SecretLimit = TimeSpan.FromDays(365);

    public static ImmutableArray<ComplianceCheck> All { get; } =
    [
        ComplianceCheck.OfVersion("security.artifact.encrypted", "The model's file is encrypted at rest", (facts, version) => Finding.Of(
            version.Encrypted, version.Encrypted ? "AES-256-GCM under a data key of its own." : "The store holds it in clear.", Version(facts, version), $"sha256:{version.Sha256}")),
        ComplianceCheck.OfVersion("security.artifact.signed", "The model's file is signed and its signature is checked before it is loaded", (facts, version) => Finding.Of(
            version.SignedBy is not null, version.SignedBy is { } key ? $"Signed by key {key}." : "It has no signature.", $"{Version(facts, version)}/artifact/signature")),
        ComplianceCheck.OfVersion("security.artifact.digest", "What serves is told by its digest", (facts, version) => Finding.Of(
            version.Sha256 is { Length: 64 }, version.Sha256 is null ? "There is no digest." : $"sha256:{version.Sha256}", Version(facts, version))),
        new("security.transport.clients", "Clients are served over TLS", facts => facts.Transport.IsLoopbackOnly
            ? Finding.NotApplicable("The Api listens on this machine alone.")
            : Finding.Of(facts.Transport.ListensOnTls, facts.Transport.ListensOnTls ? "Every public address is HTTPS." : "An address is plain HTTP; whether a proxy or mesh before it encrypts cannot be seen from here.", "docs/security.md")),
        new("security.transport.store", "The state store is reached over TLS", facts => facts.Transport.IsLoopbackOnly
            ? Finding.NotApplicable("Everything runs on this machine alone.")
            : Finding.Of(facts.Transport.RedisOverTls, facts.Transport.RedisOverTls ? "The connection string says ssl=true." : "The connection string does not ask for TLS.", "docs/security.md")),
        new("security.surfaces", "Management has ports of its own", facts => Finding.Of(
            facts.Transport.HasManagementPorts, facts.Transport.HasManagementPorts ? "Management:Urls is set." : "Inference and management answer on the same ports.", "Management__Urls")),
        new("security.bounds", "Requests are bounded before anybody has signed in", facts => Finding.Of(
            facts.Transport.BoundsRequests,
            facts.Transport.BoundsRequests ? "Bodies, times and slow senders are bounded as advised." : "A bound is looser than 64 MiB, a minute for headers or 100 bytes a second.", "docs/security.md")),
        new("security.keys.expire", "Every key expires", facts => facts.Access.Keys == 0
            ? Finding.NotApplicable("There is no key but the deployment's.")
            : Finding.Of(facts.Access.WithoutExpiry == 0, $"{facts.Access.WithoutExpiry} of {facts.Access.Keys} keys never expire.", "GET /v1/keys")),
        new("security.keys.rotated", "No secret is older than a year", facts => facts.Access.OldestSecret is { } oldest
            ? Finding.Of(facts.At - oldest <= SecretLimit, $"The oldest secret of an active key is of {oldest:u}.", "GET /v1/keys")
            : Finding.NotApplicable("There is no key but the deployment's.")),
        new("security.keys.least_privilege", "No key both administers and infers", facts => facts.Access.Admins == 0
            ? Finding.NotApplicable("No key administers but the deployment's.")
            : Finding.Of(facts.Access.AdminsWhoInfer == 0, $"{facts.Access.AdminsWhoInfer} of {facts.Access.Admins} admin keys have the role inference as well.", "GET /v1/keys")),
        new("security.keys.used", "No key lies about unused", facts => facts.Access.Keys == 0
            ? Finding.NotApplicable("There is no key but the deployment's.")
            : Finding.Of(facts.Access.Unused == 0, $"{facts.Access.Unused} of {facts.Access.Keys} keys were not used for 90 days.", "GET /v1/keys")),
        new("security.identity", "People sign in by an identity provider", facts => Finding.Of(
            facts.Access.TakesTokens, facts.Access.TakesTokens ? "Tokens of an OIDC issuer are taken." : "Access:Tokens is off; callers are known by keys alone.", "docs/security.md")),
        new("security.limits", "The model or its callers have a limit", facts => Finding.Of(
            facts.Access.HasModelLimit || facts.Access.HasKeyLimit,
            facts.Access.HasModelLimit ? "The model has a limit." : facts.Access.HasKeyLimit ? "Callers have limits." : "Nobody is limited.", $"GET /v1/limits/models/{facts.Model}", "GET /v1/limits")),
    ];

    private static string Version(ComplianceFacts facts, VersionFacts version) => $"GET /v1/models/{facts.Model}/versions/{version.Version}";
}
