using System.Collections.Immutable;
using Platform.Core.Audit;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Artifacts.Encryption;
using Platform.SharedState.Artifacts.Signing;

namespace Platform.SharedState.Audit;

/// <summary>
/// With which key this process signs checkpoints, and whose it accepts. Without keys of its own in the options, both
/// follow the platform keys: the current one signs, the retired ones stay trusted. With them, only they count, so that
/// a process which can decrypt artifacts need not be able to rewrite the log.
/// </summary>
public sealed class AuditKeys
{
    private const string Purpose = "platform/audit/sign/v1";
    private readonly CheckpointKey? signer;

    public AuditKeys(AuditOptions options, ArtifactOptions artifacts)
    {
        var hasPair = !string.IsNullOrEmpty(options.SigningKey);
        if (hasPair || options.TrustedKeys.Length > 0)
        {
            signer = hasPair ? CheckpointKey.FromPem(options.SigningKey!) : null;
            Trusted = [.. options.TrustedKeys.Select(CheckpointKey.FromPem)];
            if (signer is not null) Trusted = Trusted.Add(signer);
            return;
        }

        var ring = new KeyRing(artifacts.PlatformKey, artifacts.RetiredKeys);
        Trusted = [.. ring.All.Select(key => CheckpointKey.FromPem(SigningKey.Derive(key, Purpose).PrivatePem))];
        signer = Trusted[0];
    }

    /// <summary>Whose checkpoints are accepted.</summary>
    public ImmutableArray<CheckpointKey> Trusted { get; }

    /// <exception cref="InvalidOperationException">This process may only verify.</exception>
    public string Sign(Checkpoint checkpoint) => Signer.Sign(checkpoint);

    /// <summary>The text with the signature of the key that signs checkpoints.</summary>
    /// <exception cref="InvalidOperationException">This process may only verify.</exception>
    public string Sign(string text, string name) => Signer.Sign(text, name);

    private CheckpointKey Signer => signer ?? throw new InvalidOperationException("This process has no Audit:SigningKey, so it cannot sign.");

    /// <summary>The checkpoint of a note that a trusted key signed; null for any other.</summary>
    public Checkpoint? Open(string note) => SignedCheckpoint.Open(note, Trusted);
}
