namespace Vorel.Core.Crm.Http;

/// <summary>How one try failed, and what follows from that. Never leaves this folder.</summary>
/// <param name="failure">What the caller gets if it was the last try.</param>
/// <param name="mayRepeat">Whether the call may be made again: it changes nothing, or certainly has not.</param>
/// <param name="isDown">Whether the provider was away, rather than of another opinion.</param>
internal sealed class CrmFailure(CrmException failure, bool mayRepeat, bool isDown) : Exception(failure.Message)
{
    public CrmException Failure { get; } = failure;

    public bool MayRepeat { get; } = mayRepeat;

    public bool IsDown { get; } = isDown;
}
