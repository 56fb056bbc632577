using Platform.Core.Privacy;

namespace Platform.Contracts.Privacy;

/// <summary>Erases what is held of one person. Key: the person's name as it is stored, a keyed hash.</summary>
[Alias("platform.erasure")]
public interface IErasureGrain : IGrainWithStringKey
{
    /// <summary>
    /// Answers once nothing is left, with the receipt. Asked while one is under way, it ends that one first: what it
    /// began, it completes, whatever dies in between.
    /// </summary>
    /// <exception cref="ControlPlaneUnavailableException">It is not complete; it goes on by itself.</exception>
    [Alias("erase")]
    Task<ErasureReceipt> EraseAsync(ErasureRequest request);
}
