"""What *Reset* does in the Temporal UI."""

from __future__ import annotations

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client


async def reset_workflow(client: Client, workflow: str) -> None:
    """Sets a workflow back to the first workflow task that was completed."""
    handle = client.get_workflow_handle(workflow)
    run = (await handle.describe()).run_id or ""
    done = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    first = next(e.event_id for e in (await handle.fetch_history()).events if e.event_type == done)
    request = ResetWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=workflow, run_id=run),
        reason="somebody clicked",
        workflow_task_finish_event_id=first,
        request_id=run,
    )
    await client.workflow_service.reset_workflow_execution(request)
