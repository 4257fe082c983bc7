namespace Vorel.Core.Errors;

/// <summary>
/// A refusal or failure that the caller is told about. The code is stable and public; the HTTP edge maps each code to a
/// status once. Messages are ours and hold no customer data.
/// </summary>
public abstract class ProblemException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The stable code, one of <see cref="ProblemCodes"/>.</summary>
    public string Code { get; } = code;
}
