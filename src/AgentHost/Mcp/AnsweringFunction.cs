using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;

namespace AgentHost.Mcp;

/// <summary>
/// Gives a <see cref="SkillFunction"/> the protocol's manners: its answer as text and structured content, its refusal as a result
/// marked as an error, which a model sees and can act on.
/// </summary>
internal sealed class AnsweringFunction(SkillFunction skill, Func<string, string> conceal) : DelegatingAIFunction(skill)
{
    /// <inheritdoc />
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            var answer = (ToolAnswer)(await base.InvokeCoreAsync(arguments, cancellationToken))!;
            return new CallToolResult
            {
                Content = [new TextContentBlock { Text = answer.Text }],
                StructuredContent = answer.Data,
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A failed call must not end the server: every failure becomes an answer.
        catch (Exception failure)
        {
            var complaint = Complaint.About(failure, Name);
            if (complaint.IsOurs)
                await Console.Error.WriteLineAsync(conceal($"agenthost: {Name}: {failure}"));
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = conceal(complaint.Message) }] };
        }
#pragma warning restore CA1031
    }
}
