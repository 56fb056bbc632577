using Platform.Core.Models;
using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Tests.Artifacts;

internal static class ArtifactTestKit
{
    extension(ArtifactStore store)
    {
        public async Task<ArtifactInfo> StoreAsync(byte[] content)
        {
            var cancellation = TestContext.Current.CancellationToken;
            return await store.CommitAsync(await store.StageAsync(new MemoryStream(content), cancellation), cancellation);
        }
    }

    extension(ArtifactInfo artifact)
    {
        /// <summary>Where it stands in the store.</summary>
        public string Name => $"sha256/{artifact.Sha256[..2]}/{artifact.Sha256}";

        public string SignatureName => artifact.Name + ".sig";
    }
}
