using System.Diagnostics;
using System.Text.RegularExpressions;
using Platform.AuditVerifier;
using Platform.Core.Audit;

// Verifies an exported audit log with nothing but the public key: exit code 0 if every entry is vouched for.
if (args is not [var export, var keyFile, ..] || args.Length > 3)
{
    Console.Error.WriteLine("Usage: audit-verifier <audit.jsonl> <key.pem> [<checkpoint that you kept>]");
    return 2;
}

try
{
    var keys = PublicKeys().Matches(File.ReadAllText(keyFile)).Select(match => CheckpointKey.FromPem(match.Value)).ToArray();
    if (keys.Length == 0) throw new InvalidDataException($"{keyFile} holds no public key.");
    var witness = args is [_, _, var kept]
        ? SignedCheckpoint.Open(File.ReadAllText(kept), keys) ?? throw new InvalidDataException($"{kept} is no checkpoint of this key.")
        : null;
    var watch = Stopwatch.StartNew();
    var verdict = ExportedLog.Verify(() => Lines.Of(export), keys, witness);
    Console.WriteLine(verdict.Valid
        ? $"valid: {verdict.Entries:N0} entries in {watch.Elapsed.TotalSeconds:0.0} s"
        : $"NOT VALID from entry {verdict.FirstBad} on, of {verdict.Entries:N0}: {verdict.Reason}");
    return verdict.Valid ? 0 : 1;
}
catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

internal static partial class Program
{
    [GeneratedRegex("-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", RegexOptions.Singleline)]
    private static partial Regex PublicKeys();
}
